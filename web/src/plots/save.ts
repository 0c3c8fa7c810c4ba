/** Hands a file to the reader. */
export function saveFile(name: string, content: Blob | string): void {
  const url = typeof content === "string" ? content : URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next turn of the event loop at the latest.
  if (typeof content !== "string")
    setTimeout(() => {
      URL.revokeObjectURL(url);
    }, 0);
}

/** "Perceptual task, seed 2" and "learning curve" as "perceptual-task-seed-2-learning-curve". */
export function fileName(...parts: string[]): string {
  const words =
    parts
      .join(" ")
      .toLowerCase()
      .match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.join("-") || "nullcline";
}
