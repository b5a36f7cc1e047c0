export { type Config, defineConfig, type StoreConfig } from "./config.ts";
