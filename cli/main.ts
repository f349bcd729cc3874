/** Entry of the `meridian` program. */
import { main } from './program.ts';

await main(process.argv.slice(2));
