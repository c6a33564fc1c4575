/** Makes the files of an embedded database, in a thread of its own: what that takes of memory goes with the thread. */
import { workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

const database = await PGlite.create(String(workerData));
await database.close();
