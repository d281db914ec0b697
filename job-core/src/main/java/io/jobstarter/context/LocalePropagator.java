package io.jobstarter.context;

import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.BiConsumer;

import io.jobstarter.JobContextPropagator;
import org.jspecify.annotations.Nullable;

import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.i18n.SimpleTimeZoneAwareLocaleContext;
import org.springframework.context.i18n.TimeZoneAwareLocaleContext;
import org.springframework.util.StringUtils;

/**
 * Carries the locale and the time zone of {@link LocaleContextHolder}, such as those of a
 * web request. What nobody has set is not carried: the default of the node that runs the
 * job holds then.
 */
public final class LocalePropagator implements JobContextPropagator {

	private static final String LOCALE = "context.locale";

	private static final String TIME_ZONE = "context.time-zone";

	@Override
	public void capture(BiConsumer<String, @Nullable String> headers) {
		LocaleContext context = LocaleContextHolder.getLocaleContext();
		Locale locale = (context != null) ? context.getLocale() : null;
		if (locale != null) {
			headers.accept(LOCALE, locale.toLanguageTag());
		}
		TimeZone zone = (context instanceof TimeZoneAwareLocaleContext aware) ? aware.getTimeZone() : null;
		if (zone != null) {
			headers.accept(TIME_ZONE, zone.getID());
		}
	}

	@Override
	public Scope restore(Map<String, String> headers) {
		LocaleContext before = LocaleContextHolder.getLocaleContext();
		LocaleContextHolder.setLocaleContext(contextOf(headers.get(LOCALE), headers.get(TIME_ZONE)));
		return () -> LocaleContextHolder.setLocaleContext(before);
	}

	private static @Nullable LocaleContext contextOf(@Nullable String tag, @Nullable String zone) {
		if (tag == null && zone == null) {
			return null;
		}
		// A zone that this node does not know is an error, not GMT.
		return new SimpleTimeZoneAwareLocaleContext((tag != null) ? Locale.forLanguageTag(tag) : null,
				(zone != null) ? StringUtils.parseTimeZoneString(zone) : null);
	}

}
