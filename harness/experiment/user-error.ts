/** A mistake of the user's: its message is a line that says what was wrong and what is known. Exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
