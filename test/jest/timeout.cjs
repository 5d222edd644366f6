// Jest's option `testTimeout` applies to all projects. The tests of these projects are fast.
jest.setTimeout(120_000);
