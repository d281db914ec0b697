package io.jobstarter.autoconfigure.actuate;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import io.jobstarter.maintenance.WatchDatabase;
import io.jobstarter.maintenance.WatchDatabase.Condition;
import io.jobstarter.store.DatabaseWatch.TableSize;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of what maintenance has seen of the database. They read nothing themselves.
 */
final class DatabaseMeters implements MeterBinder {

	private static final List<String> TABLES = List.of("job", "history", "dead_letter", "failure", "worker");

	private final WatchDatabase watch;

	DatabaseMeters(WatchDatabase watch) {
		this.watch = watch;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String table : TABLES) {
			Tags tags = Tags.of("table", table);
			register(registry, JobMeter.TABLE_SIZE, tags, () -> of(table, TableSize::bytes));
			register(registry, JobMeter.TABLE_DEAD_ROWS, tags, () -> of(table, TableSize::deadRows));
		}
		register(registry, JobMeter.VACUUM_HELD_BACK, Tags.empty(), () -> {
			Condition condition = this.watch.condition();
			return (condition != null) ? condition.heldBack().toMillis() / 1000.0 : Double.NaN;
		});
	}

	private Number of(String table, Function<TableSize, @Nullable Long> figure) {
		Condition condition = this.watch.condition();
		if (condition == null) {
			return Double.NaN;
		}
		for (TableSize size : condition.tables()) {
			Long value = figure.apply(size);
			if (size.name().equals(table) && value != null) {
				return value;
			}
		}
		return Double.NaN;
	}

	private static void register(MeterRegistry registry, JobMeter meter, Tags tags, Supplier<Number> value) {
		Gauge.builder(meter.getName(), value)
			.tags(tags)
			.description(meter.description())
			.baseUnit(meter.getBaseUnit())
			.register(registry);
	}

}
