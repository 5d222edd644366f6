// Builds and packs the package, where that is not done yet for its sources as they are.
import { packedPackage } from '../testEnvironment/packedPackage.mts';

await packedPackage(console.log);
