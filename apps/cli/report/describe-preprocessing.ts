import { type Network, type Preprocessing, valueRange } from '../../../src/index.js';

/** How pictures are given to a network, such as `RGB, −1 to 1` or `BGR, B −103.9 to 151.1, …`. */
export function preprocessingText(preprocessing: Preprocessing): string {
  const { order } = preprocessing;
  const texts = valueRange(preprocessing).map(({ low, high }) => `${numberText(low)} to ${numberText(high)}`);
  const same = texts.every((text) => text === texts[0]);
  return `${order}, ${same ? texts[0]! : [...order].map((channel, i) => `${channel} ${texts[i]}`).join(', ')}`;
}

/** What is said about a network whose pictures nobody describes. */
export function assumptionText({ name, preprocessing }: Network): string {
  const assumed = preprocessingText(preprocessing).replace(', ', ' from ');
  return `${name} does not say how it wants its pictures: ${assumed} is assumed.`;
}

/** One sentence about how pictures are given to a network, and who says so. */
export function preprocessingSentence({ preprocessing, preprocessingOrigin, layout }: Network): string {
  const text = `${preprocessingText(preprocessing)}${layout === 'NHWC' ? ', channels last' : ''}`;
  switch (preprocessingOrigin) {
    case 'given':
      return `It is given ${text}, as asked for.`;
    case 'recipe':
      return `It is given ${text}, as in the recipe.`;
    case 'card':
      return `It takes ${text}, says the card beside the file.`;
    case 'file':
      return `It takes ${text}.`;
    case 'catalogue':
      return `It takes ${text}, says the catalogue.`;
    case 'assumed':
      return `The file does not say how it wants its pictures: ${text}, is assumed.`;
  }
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
