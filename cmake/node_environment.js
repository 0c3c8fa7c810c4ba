// Linked before a program that runs in node: gives it the environment of its process, which Emscripten keeps
// from it otherwise. GoogleTest reads from there which part of the tests to run.
/* global ENV, Module */
Module["preRun"] = [].concat(Module["preRun"] ?? [], () => Object.assign(ENV, process.env));
