import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import 'slack-blocks-to-jsx/dist/style.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/sidebar.css';
import './styles/messages.css';
import './styles/files.css';
import './styles/composer.css';
import './styles/blocks.css';
import './styles/dialogs.css';
import './styles/make.css';
import './styles/bucket.css';
import './styles/trouble.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
