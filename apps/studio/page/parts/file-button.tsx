import { type ReactNode, useRef } from 'react';
import { Button } from './button.js';
import type { IconName } from './icon.js';

interface FileButtonProps {
  readonly accept: string;
  readonly onFile: (file: File, ...others: File[]) => void;
  /** Lets several be picked. */
  readonly multiple?: boolean;
  /** Asks a phone for its camera. */
  readonly camera?: boolean;
  readonly look?: 'plain' | 'main' | 'quiet';
  readonly icon?: IconName;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button that lets a file be picked. */
export function FileButton({ accept, onFile, camera = false, multiple = false, children, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={multiple}
        {...(camera && { capture: 'environment' as const })}
        hidden
        onChange={({ target }) => {
          const [file, ...others] = target.files ?? [];
          // The same file may be picked again.
          target.value = '';
          if (file) onFile(file, ...others);
        }}
      />
      <Button {...rest} onClick={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
