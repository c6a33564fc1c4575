import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { findServer, openEngine } from './state/engine-actions.js';
import { openGallery } from './state/gallery-actions.js';
import { keepMakingLooks } from './state/look-actions.js';
import { keepUpWithServer } from './state/server-actions.js';
import { keepPlanning } from './state/settings-actions.js';
import './styles.css';
import { applyPreferences } from './words/index.js';

applyPreferences();
findServer();
// Only where the page is served safely is there a service worker; without one it works, but not offline.
void (navigator.serviceWorker as ServiceWorkerContainer | undefined)?.register('./service-worker.js').catch(() => {});
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
void openGallery();
void openEngine();
keepUpWithServer();
keepPlanning();
keepMakingLooks();
