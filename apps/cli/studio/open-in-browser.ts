import { spawn } from 'node:child_process';

/** Opens an address in the user's browser, where the system has a way to; the address has been printed as well. */
export function openInBrowser(url: string): void {
  const [command, ...words] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command!, words, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
