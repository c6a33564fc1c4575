/** Saves a file where the visitor's downloads go. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser takes the address in hand only after this task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
