import { MindPeekerApi } from '../../../credentials/MindPeekerApi.credentials.ts';
import { MindPeeker } from '../../../nodes/MindPeeker/MindPeeker.node.ts';
import { MindPeekerTrigger } from '../../../nodes/MindPeekerTrigger/MindPeekerTrigger.node.ts';

/** A text that n8n's editor or its AI workflow builder shows. */
export interface ScreenText {
	/** Such as `trigger.properties.2.description`. */
	location: string;
	key: string;
	/** Without HTML tags. */
	text: string;
}

const KEYS = [
	...['displayName', 'description', 'hint', 'placeholder', 'action', 'message'],
	...['searchHint', 'propertyHint', 'relationHint'],
];
/** The entries of these lists are choices whose `name` is shown. */
const LISTS_OF_CHOICES = /\.options\.\d+$/;

const SCREENS = {
	trigger: new MindPeekerTrigger().description,
	node: new MindPeeker().description,
	credential: new MindPeekerApi(),
};

/** All texts of the two nodes and the credential. */
export const SCREEN_TEXTS: ScreenText[] = Object.entries(SCREENS).flatMap(([name, screen]) =>
	collectTexts(name, screen),
);

function collectTexts(location: string, value: unknown): ScreenText[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
		const path = `${location}.${key}`;
		if (typeof child !== 'string') return collectTexts(path, child);
		const isShown = KEYS.includes(key) || (key === 'name' && LISTS_OF_CHOICES.test(location));
		return isShown ? [{ location: path, key, text: child.replaceAll(/<[^>]+>/g, '') }] : [];
	});
}
