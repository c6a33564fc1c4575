import { type ReactNode, useRef } from 'react';
import { Button } from './button.js';
import type { IconName } from './icon.js';

interface FileButtonProps {
  readonly accept: string;
  readonly onFile: (file: File) => void;
  /** Asks a phone for its camera. */
  readonly camera?: boolean;
  readonly look?: 'plain' | 'main' | 'quiet';
  readonly icon?: IconName;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button that lets a file be picked. */
export function FileButton({ accept, onFile, camera = false, children, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={accept}
        {...(camera && { capture: 'environment' as const })}
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file may be picked again.
          target.value = '';
          if (file) onFile(file);
        }}
      />
      <Button {...rest} onClick={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
