import type { ButtonHTMLAttributes, Ref } from 'react';
import { Icon, type IconName } from './icon.js';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `plain` is for most; `main` for the one thing to do; `quiet` for what stands among much else. */
  readonly look?: 'plain' | 'main' | 'quiet';
  readonly icon?: IconName;
  readonly ref?: Ref<HTMLButtonElement>;
}

const looks = {
  plain: 'border border-edge bg-surface hover:bg-tint',
  main: 'bg-accent text-on-accent hover:brightness-110',
  quiet: 'hover:bg-tint',
};

/** A button with words. */
export function Button({ look = 'plain', icon, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3 py-1.5 font-medium transition-colors disabled:opacity-50 ${looks[look]} ${className}`}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that is an icon; its label is read out and shown as a hint. */
export function IconButton({ icon, label, className = '', ...rest }: ButtonProps & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-grid size-9 shrink-0 place-items-center rounded-lg transition-colors hover:bg-tint disabled:opacity-45 disabled:hover:bg-transparent ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
