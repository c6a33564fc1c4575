import { type Command, Option as Flag } from 'commander';

const examples = `
Examples:
  pareidolia models ls                         what there is, and what is here
  pareidolia models pull vgg16                 fetch a network, then: pareidolia dream photo.jpg --model vgg16
  pareidolia models add net.onnx --name mine   keep a network of your own under a name
  pareidolia models verify                     are the files what they were?

A file NAME.card.json beside NAME.onnx says how a network wants its pictures:
  { "preprocessing": { "channelOrder": "BGR", "valueRange": [0, 255],
                       "mean": [103.939, 116.779, 123.68], "std": [1, 1, 1] } }

Environment:
  PAREIDOLIA_CACHE          the folder that networks are kept in
  PAREIDOLIA_OFFLINE=1      fetch nothing
  PAREIDOLIA_MODEL_MIRROR   address of a folder that has the files under their names
  PAREIDOLIA_CATALOGUE      a JSON file with networks of one's own`;

/** Flags of `pareidolia models` and what is under it. */
export interface ModelsFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly mirror?: string;
  readonly offline?: boolean;
  readonly name?: string;
  readonly card?: string;
}

/** Registers `pareidolia models`. */
export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('Networks that can be used by name: those of the catalogue, and those that were added.')
    .helpCommand(false)
    .addHelpText('after', examples);
  const json = () => new Flag('--json', 'print JSON');
  const quiet = () => new Flag('-q, --quiet', 'say nothing but errors');

  models
    .command('ls')
    .description('List the networks of the catalogue and of the cache.')
    .addOption(json())
    .action(async (flags: ModelsFlags) => (await load()).listAll(flags));
  models
    .command('show')
    .description('Show what is known of a network.')
    .argument('<name>', 'a name that `pareidolia models ls` lists')
    .addOption(json())
    .action(async (name: string, flags: ModelsFlags) => (await load()).showOne(name, flags));
  models
    .command('pull')
    .description('Fetch a network of the catalogue. A download that was cut is gone on with.')
    .argument('<name>', 'a name that `pareidolia models ls` lists')
    .option('--mirror <url>', 'address of a folder that has the files under their names')
    .option('--offline', 'fetch nothing; fails unless the network is here')
    .addOption(json())
    .addOption(quiet())
    .action(async (name: string, flags: ModelsFlags) => {
      process.exitCode = await (await load()).pull(name, flags);
    });
  models
    .command('add')
    .description('Copy an ONNX file (or HDF5 weights of Keras’s InceptionV3) into the cache.')
    .argument('<file>', 'a network in one file')
    .option('--name <name>', "what to call it (default: the catalogue's name for it, or the file's)")
    .option('--card <file>', 'a card to keep with it (default: the one beside the file)')
    .addOption(json())
    .addOption(quiet())
    .action(async (file: string, flags: ModelsFlags) => (await load()).add(file, flags));
  models
    .command('rm')
    .description('Remove a network from the cache.')
    .argument('<name>', 'a name that `pareidolia models ls` lists')
    .addOption(quiet())
    .action(async (name: string, flags: ModelsFlags) => (await load()).remove(name, flags));
  models
    .command('verify')
    .description('Check that the files in the cache are what they were: exit code 4 when one is not.')
    .argument('[name]', 'one of them (default: all)')
    .addOption(json())
    .action(async (name: string | undefined, flags: ModelsFlags) => {
      process.exitCode = await (await load()).verify(name, flags);
    });
}

/** Imported when it is needed, so that --help does not wait for the network libraries. */
function load() {
  return import('../models/manage-models.js');
}
