import { describeIf } from '../support/jest.mts';

import { findMissingBrowser } from '../../dev/testEnvironment/browser.mts';
import { testMindPeekerNode } from './action.mts';
import { testCredentialDialog } from './credential.mts';
import { useEditor } from './harness/editor.mts';
import { testNodes } from './nodes.mts';
import { testTrigger } from './trigger.mts';

// One file, because n8n and a browser with n8n's editor take long to start.
describeIf(!findMissingBrowser())('the editor', () => {
	const editor = useEditor();
	testTrigger(editor);
	testMindPeekerNode(editor);
	testCredentialDialog(editor);
	testNodes(editor);
});
