import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished, TestRunner } from "vitest";
import { newPath } from "./fixtures.ts";

/** A file system in memory that holds little, taken away after the test. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it but for some pages of 4,096 bytes. Gives a function that takes all that away again. */
  fill(left: number): () => void;
  /** Gives it another size: "4m". */
  grow(size: string): void;
}

/** Mounts one. The test is skipped, and the reason told, where this process may not mount. */
export function smallDisk(size: string): SmallDisk {
  const folder = join(dirname(newPath()), "disk");
  mkdirSync(folder);
  try {
    mount("-o", `size=${size}`, "tmpfs", folder);
  } catch (error) {
    const reason = `no file system can be mounted here, so none can be filled: ${String(error).split("\n")[0]}`;
    console.warn(`Skipped: ${reason}`);
    TestRunner.getCurrentTest()?.context.skip(reason);
  }
  onTestFinished(() => void execFileSync("umount", [folder], { stdio: "pipe" }));
  return {
    folder,
    grow: (larger) => mount("-o", `remount,size=${larger}`, folder),
    fill: (left) => {
      const ballast: string[] = [];
      try {
        for (;;) {
          const file = join(folder, `ballast-${ballast.length}`);
          ballast.push(file);
          writeFileSync(file, Buffer.alloc(4_096));
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
      const free = (files: readonly string[]): void => {
        for (const file of files) rmSync(file, { force: true });
      };
      // the last one found no room
      free(ballast.splice(-1 - left));
      return () => free(ballast);
    },
  };
}

function mount(...args: readonly string[]): void {
  execFileSync("mount", ["-t", "tmpfs", ...args], { stdio: "pipe" });
}
