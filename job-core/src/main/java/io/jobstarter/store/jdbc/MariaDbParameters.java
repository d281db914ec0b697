package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementCreatorFactory;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * Passes arrays, which MariaDB does not have: one by one where {@code in} wants them, and
 * several together as the rows of a {@code json_table}, whose parameter
 * {@code :rows.ids.names} stands for the arrays {@code ids} and {@code names}.
 */
final class MariaDbParameters extends NamedParameterJdbcTemplate {

	static final String ROWS = "rows";

	MariaDbParameters(DataSource dataSource) {
		super(dataSource);
	}

	@Override
	protected PreparedStatementCreator getPreparedStatementCreator(String sql, SqlParameterSource parameters,
			@Nullable Consumer<PreparedStatementCreatorFactory> customizer) {
		return super.getPreparedStatementCreator(sql, new WithoutArrays(parameters), customizer);
	}

	/**
	 * Parameters of which none is an array.
	 *
	 * @param source the parameters with arrays among them
	 */
	private record WithoutArrays(SqlParameterSource source) implements SqlParameterSource {

		@Override
		public boolean hasValue(String name) {
			return isRows(name) || this.source.hasValue(name);
		}

		@Override
		public @Nullable Object getValue(String name) {
			if (isRows(name)) {
				return Values.json(rows(Arrays.asList(name.split("\\.")).subList(1, name.split("\\.").length)));
			}
			Object value = this.source.getValue(name);
			return (value instanceof Object[] array) ? Arrays.asList(array) : value;
		}

		private static boolean isRows(String name) {
			return name.startsWith(ROWS + ".");
		}

		private List<List<@Nullable Object>> rows(List<String> arrays) {
			List<List<@Nullable Object>> rows = new ArrayList<>();
			for (String name : arrays) {
				@Nullable Object[] array = (Object[]) Objects.requireNonNull(this.source.getValue(name));
				for (int i = 0; i < array.length; i++) {
					if (rows.size() == i) {
						rows.add(new ArrayList<>());
					}
					rows.get(i).add(array[i]);
				}
			}
			return rows;
		}

	}

}
