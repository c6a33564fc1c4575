import { giveToken } from '../state/engine-actions.js';
import { useWords } from '../words/index.js';
import { Button } from './button.js';

/** Asks for the token that the server asks for. */
export function TokenForm() {
  const words = useWords();
  return (
    <form
      className="max-w-sm"
      onSubmit={(event) => {
        event.preventDefault();
        void giveToken(String(new FormData(event.currentTarget).get('token')).trim());
      }}
    >
      <label htmlFor="token" className="block text-ink">
        {words.server.token}
      </label>
      <div className="mt-1 flex gap-2">
        <input
          id="token"
          name="token"
          type="password"
          autoComplete="current-password"
          required
          className="min-h-9 min-w-0 flex-1 rounded-lg border border-edge bg-surface px-2 text-ink"
        />
        <Button type="submit">{words.server.enter}</Button>
      </div>
    </form>
  );
}
