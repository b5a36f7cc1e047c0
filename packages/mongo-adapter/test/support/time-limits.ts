import { vi } from "vitest";

// a server of any speed, on a machine with anything else to do
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
