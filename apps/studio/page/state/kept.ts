/** What was kept on this machine under a name; undefined where there is nothing, or nothing is kept. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`pareidolia.${name}`) ?? undefined;
  } catch {
    // Storage is off in some private windows.
    return undefined;
  }
}

/** Keeps a text on this machine, or lets it go. */
export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`pareidolia.${name}`);
    else localStorage.setItem(`pareidolia.${name}`, value);
  } catch {
    // It holds for this visit, then.
  }
}
