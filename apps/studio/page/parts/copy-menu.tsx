import { Popover } from 'radix-ui';
import { type Address, commandOf, programOf, requestsOf } from '../state/copy-text.js';
import { recall } from '../state/kept.js';
import { maskName, useMask } from '../state/mask.js';
import { set, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { Button } from './button.js';
import { Icon } from './icon.js';

/** The same dream as a command, or as a program. */
export function CopyMenu() {
  const words = useWords();
  const settings = useStudio((state) => state.settings);
  const photo = useStudio((state) => state.photo)!;
  const seed = useStudio(({ shown }) => shown?.recipe.options.seed ?? null);
  const guides = useStudio((state) => state.guides).map(({ name }) => name);
  const mask = useMask(({ mask }) => mask && maskName(mask));
  const beside = { guides, mask };
  const isServed = useStudio(({ server }) => server !== undefined);
  const copy = (text: string) => {
    void navigator.clipboard.writeText(text).then(() => set({ notice: { kind: 'copied' } }));
  };
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button look="quiet" icon="code" className="shrink-0 max-sm:px-2">
          <span className="max-sm:sr-only">{words.picture.copy}</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={words.picture.copy}
          collisionPadding={12}
          sideOffset={6}
          className="z-50 w-80 max-w-[calc(100vw-24px)] rounded-xl border border-edge bg-surface p-4 shadow-lg shadow-shade"
        >
          <p className="text-sm text-muted">{words.copy.intro}</p>
          {mask !== undefined && <p className="mt-1 text-sm text-muted">{words.mask.saveFirst(mask)}</p>}
          <code className="mt-2 block max-h-40 overflow-auto rounded-lg bg-stage p-2.5 text-xs break-words">
            {commandOf(settings, photo.name, seed, beside)}
          </code>
          <div className="mt-3 flex flex-col gap-2">
            <Button onClick={() => copy(commandOf(settings, photo.name, seed, beside))}>
              <Icon name="code" className="size-4" />
              {words.copy.command}
            </Button>
            <Button onClick={() => copy(programOf(settings, photo.name, seed, beside))}>
              <Icon name="code" className="size-4" />
              {words.copy.program}
            </Button>
            <Button onClick={() => copy(requestsOf(settings, photo.name, seed, addressOf(isServed), beside))}>
              <Icon name="code" className="size-4" />
              {words.copy.requests}
            </Button>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The server that the page comes from, or where one would be that is started on this machine. */
function addressOf(isServed: boolean): Address {
  const server = isServed ? new URL('.', document.baseURI).href.replace(/\/$/, '') : 'http://127.0.0.1:7878';
  return { server, token: isServed && recall('token') !== undefined };
}
