import type { Resources } from "../../context/resources.ts";
import { type Mark, markNow } from "../../history/mark.ts";
import type { Deadline } from "../../port/deadline.ts";
import { clockTolerance } from "../../views/stored-since.ts";

/**
 * Where a job began, as its record says it: behind it lies all that is stored while the job runs. Where that is told by
 * times alone, a clock that is set back gives times from before the beginning.
 */
export interface Beginning {
  /** The mark of a job that this worker begins. */
  readonly mark: Mark;
  /** That of a job that this worker joins or goes on with; none by a clock that shows a time before it. */
  joined(known: Mark | undefined): Mark | undefined;
  /** The mark as it has to be by now. */
  lowered(known: Mark | undefined): Mark | undefined;
}

/** The beginning of a worker's part in a job. */
export async function beginningNow(resources: Resources, deadline: Deadline): Promise<Beginning> {
  const mark = await markNow(resources, deadline);
  const startedAt = performance.now();
  let lowest = mark.at;
  return {
    mark,
    joined: (known) => (known !== undefined && mark.at < known.at - clockTolerance ? undefined : known),
    lowered: (known) => {
      // the time at which this worker began, by the clock as it is now: nobody stamps events with less meanwhile
      lowest = Math.min(lowest, resources.clock.now() - (performance.now() - startedAt));
      return known && { ...known, at: Math.min(known.at, lowest) };
    },
  };
}
