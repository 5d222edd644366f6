// Builds and packs the package, unless its sources have not changed.
import { buildPackage } from '../testEnvironment/buildPackage.mts';

await buildPackage(console.log);
