import type { MadePicture } from './store.js';

const databaseName = 'pareidolia';
const storeName = 'pictures';

/** Every picture that was kept, the newest first. */
export async function readAll(): Promise<MadePicture[]> {
  const pictures = await inStore<MadePicture[]>('readonly', (store) => store.getAll());
  return pictures.sort((a, b) => b.madeAt - a.madeAt);
}

/** Keeps a picture, or keeps it again. */
export async function keep(picture: MadePicture): Promise<void> {
  await inStore('readwrite', (store) => store.put(picture));
}

/** Lets a picture go. */
export async function remove(id: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(id));
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(storeName, mode);
    const request = act(transaction.objectStore(storeName));
    return await new Promise<T>((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
