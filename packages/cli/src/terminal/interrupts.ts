/** How Ctrl-C is heard. */
export interface Interrupts {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Acts as Ctrl-C does. */
  readonly interrupt: () => void;
  /** From now on Ctrl-C is another program's, which has the terminal. */
  hold(): void;
  /** It is ours again. */
  release(): void;
}

/** Hears Ctrl-C: the first one asks the work to end in order, the second ends it at once with exit code 130. */
export function hearInterrupts(controller: AbortController): Interrupts {
  let held = false;
  const interrupt = (): void => {
    if (held) return;
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new DOMException("Interrupted", "AbortError"));
    // mostly it is over before anybody wonders
    setTimeout(() => {
      process.stderr.write("Stopping: the work in hand is finished first. Ctrl-C again ends at once.\n");
    }, 1_000).unref();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    interrupt,
    hold: () => {
      held = true;
    },
    release: () => {
      held = false;
    },
  };
}
