/** What a key press asks for; null where it is none of these. */
export function asksFor(event: KeyboardEvent, mac: boolean): "undo" | "redo" | null {
  const command = mac ? event.metaKey : event.ctrlKey;
  if (!command || event.altKey || (mac ? event.ctrlKey : event.metaKey)) return null;
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? "redo" : "undo";
  return key === "y" && !event.shiftKey && !mac ? "redo" : null;
}

const typed = new Set(["text", "number", "search", "url", "email", "tel", "password"]);

/** Whether text is typed into an element. */
export function isTyped(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  if (element instanceof HTMLTextAreaElement) return true;
  return element instanceof HTMLInputElement && typed.has(element.type);
}
