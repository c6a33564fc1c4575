import { openEngine } from '../state/engine-actions.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { Button } from './button.js';
import { EngineChoice } from './engine-choice.js';
import { TokenForm } from './token-form.js';

/** What computes the dreams, or how far it is in getting ready. */
export function EngineLine({ className = '' }: { readonly className?: string }) {
  const words = useWords();
  const engine = useStudio((state) => state.engine);
  const place = useStudio((state) => state.place);
  const answers = useStudio(({ server }) => server?.answers !== false);
  return (
    <div className={`text-sm text-muted ${className}`} data-engine={engine.status}>
      <EngineChoice />
      {engine.status === 'failed' && engine.refusal.code === 'token/missing' ? (
        <TokenForm />
      ) : engine.status === 'failed' ? (
        <>
          <p className="text-danger">
            {words.engine.failed} {words.refusals[engine.refusal.code] ?? engine.refusal.message}
          </p>
          <Button className="mt-2" onClick={() => void openEngine()}>
            {words.engine.again}
          </Button>
        </>
      ) : (
        <p>{line()}</p>
      )}
      {isLimited() && (
        <Button className="mt-2" onClick={() => window.location.reload()}>
          {words.engine.reload}
        </Button>
      )}
    </div>
  );

  function line(): string {
    if (engine.status === 'opening') {
      if (place === 'server') return words.engine.asking;
      const { what, part01 } = engine.progress ?? {};
      const percent = part01 === undefined ? undefined : Math.round(part01 * 100);
      return what === 'runtime' ? words.engine.fetchingRuntime(percent) : words.engine.fetching(percent);
    }
    if (engine.status === 'failed') return '';
    const { facts } = engine;
    if (facts.device === 'server') return answers ? words.engine.server : words.server.silent;
    if (facts.device === 'webgpu') return words.engine.webgpu;
    return isLimited() ? words.engine.oneOf(facts.cores) : words.engine.wasm(facts.threads);
  }

  function isLimited(): boolean {
    return (
      engine.status === 'ready' &&
      engine.facts.device === 'wasm' &&
      !window.crossOriginIsolated &&
      engine.facts.cores > 1
    );
  }
}
