/** Placeholder until the package has its sources. */
export const placeholder = true;
