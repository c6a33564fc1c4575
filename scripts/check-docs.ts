/**
 * Refuses public names without a doc comment: everything the library's doors export, and the fields and methods of
 * what they export. Run from the root of the repository: `node dist/scripts/check-docs.js`.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';

/** The doors that package.json opens under `exports`. */
const DOORS = [
  ...['src/index.ts', 'src/platform/node/index.ts', 'src/platform/web/index.ts'],
  'apps/server/client/client.ts',
];

/** A public name: an export such as `dream`, or a member of one such as `Picture.width`. */
interface PublicName {
  readonly name: string;
  readonly symbol: ts.Symbol;
  readonly declaration: ts.Declaration;
}

/** One program over all doors: only symbols and comments are read, so that the hosts' types mix does no harm. */
function openDoors(): ts.Program {
  const { config, error } = ts.readConfigFile('tsconfig.base.json', ts.sys.readFile);
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  // Types made from others, such as Omit and Partial, need the standard library; no other ambient types are needed.
  return ts.createProgram(DOORS, { ...options, lib: ['lib.es2023.d.ts'], types: [], noEmit: true, composite: false });
}

/** The exports of the doors and their members, each once, in the order of the doors. */
function publicNames(program: ts.Program): PublicName[] {
  const checker = program.getTypeChecker();
  const names = new Map<ts.Declaration, PublicName>();
  const add = (name: string, symbol: ts.Symbol): boolean => {
    const declaration = symbol.declarations?.find((node) => isOurs(node, program));
    // What other packages and the standard library declare is theirs to document.
    if (declaration === undefined || names.has(declaration)) return false;
    names.set(declaration, { name, symbol, declaration });
    return true;
  };
  for (const door of DOORS) {
    const source = program.getSourceFile(door);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${door} exports nothing: expected the names of a public door.`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!add(exported.name, symbol)) continue;
      for (const member of membersOf(symbol, checker))
        add(`${ownerOf(member) ?? exported.name}.${member.name}`, member);
    }
  }
  return [...names.values()];
}

/** The fields and methods of an interface, a class (static ones too) or an object type; nothing for other symbols. */
function membersOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol[] {
  const types: ts.Type[] = [];
  if (symbol.flags & ts.SymbolFlags.Type) types.push(checker.getDeclaredTypeOfSymbol(symbol));
  if (symbol.flags & ts.SymbolFlags.Class) types.push(checker.getTypeOfSymbol(symbol));
  return types
    .flatMap((type) => (type.isUnion() ? type.types : [type]))
    .flatMap((type) => checker.getPropertiesOfType(type))
    .filter((member) => (member.flags & ts.SymbolFlags.Prototype) === 0 && !isPrivate(member))
    .filter((member) => !isTag(member, checker));
}

/** A field of one fixed word, such as `type: 'step'`, only tells the members of a union apart; their comments say what they are. */
function isTag(member: ts.Symbol, checker: ts.TypeChecker): boolean {
  return checker.getTypeOfSymbol(member).isStringLiteral();
}

function isPrivate(member: ts.Symbol): boolean {
  return (member.declarations ?? []).some((node) => {
    const name = ts.getNameOfDeclaration(node);
    const isMarked = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
    return isMarked || (name !== undefined && ts.isPrivateIdentifier(name));
  });
}

/** The interface or class a member is written in, which may be one that the exported name extends. */
function ownerOf(member: ts.Symbol): string | undefined {
  const parent = member.declarations?.[0]?.parent;
  return parent && (ts.isInterfaceDeclaration(parent) || ts.isClassDeclaration(parent)) ? parent.name?.text : undefined;
}

function isOurs(node: ts.Declaration, program: ts.Program): boolean {
  const source = node.getSourceFile();
  return !program.isSourceFileFromExternalLibrary(source) && !program.isSourceFileDefaultLibrary(source);
}

function main(): void {
  const closed = DOORS.filter((door) => !existsSync(door));
  if (closed.length > 0) {
    console.error(`${closed.join(', ')} not found. Run this in the root of the repository, where every door exists.`);
    process.exitCode = 1;
    return;
  }
  const program = openDoors();
  const checker = program.getTypeChecker();
  const names = publicNames(program);
  const missing = names
    .filter(({ symbol }) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() === '')
    .map(({ name, declaration }) => {
      const source = declaration.getSourceFile();
      const { line } = source.getLineAndCharacterOfPosition(declaration.getStart(source));
      return `${relative('.', source.fileName)}:${line + 1} ${name} has no doc comment`;
    })
    .sort(new Intl.Collator('en', { numeric: true }).compare);
  if (missing.length > 0) {
    console.error(missing.join('\n'));
    process.exitCode = 1;
    return;
  }
  console.log(`docs: ${names.length} public names, all with a doc comment`);
}

main();
