import { Command, CommanderError, Option } from "commander";
import { doctor } from "./commands/begin/doctor.ts";
import { init } from "./commands/begin/init.ts";
import { status } from "./commands/begin/status.ts";
import type { CommandSpec, Options } from "./commands/command.ts";
import { blame } from "./commands/documents/blame.ts";
import { diff } from "./commands/documents/diff.ts";
import { edit } from "./commands/documents/edit.ts";
import { find } from "./commands/documents/find.ts";
import { history } from "./commands/documents/history.ts";
import { revert } from "./commands/documents/revert.ts";
import { show } from "./commands/documents/show.ts";
import { redo, undo } from "./commands/documents/undo.ts";
import { backup } from "./commands/transfer/backup.ts";
import { exportCommand } from "./commands/transfer/export.ts";
import { importCommand } from "./commands/transfer/import.ts";
import { restore } from "./commands/transfer/restore-backup.ts";
import { indexes } from "./commands/upkeep/indexes.ts";
import { migrate } from "./commands/upkeep/migrate.ts";
import { projections } from "./commands/upkeep/projections.ts";
import { rebuild } from "./commands/upkeep/rebuild.ts";
import { sweep } from "./commands/upkeep/sweep.ts";
import { verify } from "./commands/upkeep/verify.ts";
import { UsageError } from "./failure.ts";
import type { Flags, Session } from "./session.ts";
import type { Terminal } from "./terminal/terminal.ts";

const groups: readonly (readonly [title: string, commands: readonly CommandSpec[]])[] = [
  ["Begin and look:", [init, status, doctor]],
  ["Documents:", [history, show, diff, blame, find, edit, revert, undo, redo]],
  ["Upkeep:", [rebuild, migrate, verify, sweep, projections, indexes]],
  ["In and out:", [importCommand, exportCommand, backup, restore]],
];

const codes = `
Exit codes: 0 done, 1 failed, 2 usage, 3 verification found differences, 4 busy, 130 interrupted (run the command again to go on)
Results go to stdout, progress and questions to stderr. Dates are UTC.
An id that begins with a dash goes after --; where ids are no texts, write an id as it looks (42), or as Extended JSON: '{"$oid":"…"}', '{"$numberInt":"42"}'
In filters a document's id is _id.

Examples:
  $ everdraft init --uri sqlite:orders.db --collection orders
  $ everdraft history o-1 --patch
  $ everdraft COMMAND --help
`;

/** A command line that was understood. */
export interface Understood {
  readonly flags: Flags;
  run(session: Session): Promise<number>;
}

/**
 * Understands a command line. Undefined where help or the version was asked for, and written. Throws UsageError.
 */
export async function understand(
  argv: readonly string[],
  terminal: Terminal,
  version: string,
): Promise<Understood | undefined> {
  let understood: Understood | undefined;
  const program = createProgram(terminal, version, (spec, args, options) => {
    understood = { flags: options as Flags, run: (session) => spec.run(session, args, options) };
  });
  try {
    await program.parseAsync(withValues(argv, program), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    if (error.code === "commander.help") throw new UsageError("Name a command: everdraft --help lists them.");
    const command = program.commands.find((each) => each.name() === argv[0]);
    const help = command === undefined ? "everdraft --help" : `everdraft ${command.name()} --help`;
    throw new UsageError(`${error.message.replace(/^error: /, "")}\nSee: ${help}`);
  }
  return understood;
}

/** The same words, where `--sort -qty` is one: its value would be taken for the options -q, -t and -y. */
function withValues(argv: readonly string[], program: Command): string[] {
  const options = [program, ...program.commands].flatMap((command) => command.options);
  const taking = new Set(options.filter(({ required }) => required).map(({ long }) => long));
  const words: string[] = [];
  let option: string | undefined;
  for (const [i, word] of argv.entries()) {
    if (word === "--") return [...words, ...argv.slice(i)];
    if (option !== undefined && /^-[^-]/.test(word)) words.splice(-1, 1, `${option}=${word}`);
    else words.push(word);
    option = taking.has(word) ? word : undefined;
  }
  return words;
}

type Args = Parameters<CommandSpec["run"]>[1];

function createProgram(
  terminal: Terminal,
  version: string,
  found: (spec: CommandSpec, args: Args, options: Options) => void,
): Command {
  const program = new Command("everdraft")
    .description(
      "Look into, edit, mend, import and export the documents of Everdraft stores, with their whole history",
    )
    .version(version, "-V, --version", "say the version")
    .helpOption("-h, --help", "say how it is used")
    .helpCommand("help [command]", "say how a command is used")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      // the mistake is told once, at the end
      outputError: () => {},
      writeErr: () => {},
    })
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", codes);
  program.optionsGroup("Which store:");
  program.option(
    "--uri <uri>",
    "where it is: sqlite:PATH or mongodb://HOST/DATABASE (with a password: environment EVERDRAFT_URI)",
  );
  program.option(
    "--collection <name>",
    "with --uri: the collection of the documents (default: the only one that is there)",
  );
  program.option("--config <file>", "the config (default: everdraft.config.ts here, or in a folder above)");
  program.option("--store <name>", "the store of the config (default: its only one)");
  program.optionsGroup("How:");
  program.option("--json", "results for programs: NDJSON in relaxed Extended JSON");
  program.option("-q, --quiet", "no progress and no remarks");
  program.option("-y, --yes", "do not ask; needed to write without a terminal");
  program.option("--timeout <seconds>", "how long each read or write may take (default: 60)");
  program.addOption(new Option("--no-color", "no colours (also: NO_COLOR)"));
  for (const [title, specs] of groups) {
    program.commandsGroup(title);
    for (const spec of specs) addCommand(program, spec, found);
  }
  return program;
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  found: (spec: CommandSpec, args: Args, options: Options) => void,
): void {
  // in the list of commands the first clause is enough
  const [summary] = spec.does.split(/: |; | \(/);
  const command = program
    .command(spec.usage)
    .description(spec.does)
    .summary(summary ?? "");
  for (const [flags, does] of spec.options ?? []) command.option(flags, does);
  const examples = spec.examples.map(([line, does]) => `  $ ${line}\n      ${does}`).join("\n");
  const notes = spec.notes === undefined ? "" : `\n${spec.notes}\n`;
  command.addHelpText("after", `\nExamples:\n${examples}\n${notes}`);
  command.action((...given: unknown[]) => {
    // commander gives the arguments, then the options, then the command
    found(spec, given.slice(0, -2) as Args, command.optsWithGlobals());
  });
}
