/** The optional codecs: FFmpeg's, in a package that users install beside this one when they want it. */

let registered: boolean | undefined;

/** The command that brings the optional codecs. */
export const installNative = 'npm install @mediabunny/server';

/**
 * Gives mediabunny the optional codecs where they are installed, behind those of this package: H.264, HEVC and AV1 can be
 * read then, and AV1 written.
 *
 * @returns whether they are there
 */
export async function registerNative(): Promise<boolean> {
  if (registered !== undefined) return registered;
  try {
    const { registerMediabunnyServer } = await import('@mediabunny/server');
    // Looking for graphics cards would take time and write to the terminal.
    registerMediabunnyServer({ hardwareContext: null });
    registered = true;
  } catch {
    registered = false;
  }
  return registered;
}
