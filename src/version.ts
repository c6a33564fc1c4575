/** The version of this program, as it stands in recipes; a test holds it equal to package.json. */
export const version = '0.1.0';
