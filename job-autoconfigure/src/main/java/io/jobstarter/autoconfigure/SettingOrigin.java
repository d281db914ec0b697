package io.jobstarter.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;

/**
 * Where a setting stands, if it stands in a file.
 */
final class SettingOrigin {

	private SettingOrigin() {
	}

	/**
	 * Tells where a setting stands.
	 * @param property the setting
	 * @return file and line in parentheses, after a space, or nothing
	 */
	static String of(@Nullable ConfigurationProperty property) {
		Origin origin = (property != null) ? property.getOrigin() : null;
		// Which property source it came through does not matter.
		while (origin instanceof OriginProvider through && through.getOrigin() != null) {
			origin = through.getOrigin();
		}
		return (origin instanceof TextResourceOrigin) ? " (" + origin + ")" : "";
	}

}
