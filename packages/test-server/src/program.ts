/** The program of a server that can be started by its path, with the arguments for a port and a folder. */
export interface Program {
  readonly what: string;
  readonly path: string;
  readonly args: (port: number, folder: string) => readonly string[];
}
