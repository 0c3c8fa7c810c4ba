/** Tells other tabs that what is kept is not as it was, and hears it from them. */
export interface News {
  tell(): void;
  hear(action: () => void): void;
}

/** By the browser's channels; where it has none, or refuses one, a list is as old as its opening. */
export function tabNews(): News {
  const channel = openChannel();
  return {
    tell: () => channel?.postMessage(null),
    hear: (action) => {
      channel?.addEventListener("message", action);
    },
  };
}

function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel("nullcline runs");
  } catch {
    return null;
  }
}
