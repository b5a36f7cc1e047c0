#!/usr/bin/env node
// there before the first build, so that an install can link it
import "../dist/main.js";
