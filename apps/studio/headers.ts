/**
 * What a page of the studio may load: its own files and nothing else. WebAssembly is code, so it needs a word of its own;
 * pictures and movies made in the page are blobs.
 *
 * @param where a policy inside the page may not say who may frame it
 */
export function contentSecurityPolicy(where: 'page' | 'header'): string {
  const rules = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "connect-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return [...rules, ...(where === 'header' ? ["frame-ancestors 'none'"] : [])].join('; ');
}

/** The headers of every file of the studio. The first two let WebAssembly compute with several threads. */
export const studioHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': contentSecurityPolicy('header'),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
