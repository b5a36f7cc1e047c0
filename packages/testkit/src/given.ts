/* Given, when, expect, with clocks and ids, for tests of your own code on a store. */
export {
  type ErrorClass,
  type ExpectedEvent,
  type GivenAct,
  type GivenEvent,
  type GivenEvents,
  given,
  type Scenario,
} from "./given/given.ts";
export { type TestClock, testClock } from "./given/test-clock.ts";
export { testIds } from "./given/test-ids.ts";
