import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of a test's own, on this machine. */
export interface LocalServer {
  /** `http://127.0.0.1:` and its port. */
  readonly address: string;
  /** Cuts what is being sent. */
  cut(): void;
  /** Ends it, and what is being sent. */
  close(): void;
}

/** Starts a server on a port that is free. */
export async function startLocalServer(answer: RequestListener): Promise<LocalServer> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => server.closeAllConnections(),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
