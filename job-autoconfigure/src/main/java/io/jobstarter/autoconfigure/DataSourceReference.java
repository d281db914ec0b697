package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The data source that holds the jobs: the one marked so, or else the application's only
 * or primary one. Not a bean of that type, so that the application's own choice stays
 * unambiguous.
 *
 * @param dataSource the data source
 */
record DataSourceReference(DataSource dataSource) {

	static DataSourceReference of(ObjectProvider<DataSource> marked, ObjectProvider<DataSource> candidates,
			ListableBeanFactory beans) {
		DataSource dataSource = marked.stream().findAny().isPresent() ? marked.getIfUnique() : candidates.getIfUnique();
		return new DataSourceReference(required(dataSource, beans));
	}

	private static DataSource required(@Nullable DataSource dataSource, ListableBeanFactory beans) {
		if (dataSource == null) {
			throw new AmbiguousDataSourceException(
					BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class));
		}
		return dataSource;
	}

	/**
	 * There are several data sources, and none is marked or primary.
	 */
	static final class AmbiguousDataSourceException extends StartFailure {

		AmbiguousDataSourceException(String[] names) {
			super("It is not known which DataSource holds the background jobs: there are "
					+ Arrays.stream(names).map((name) -> "'" + name + "'").collect(Collectors.joining(", ")));
		}

		@Override
		public String remedy() {
			return "Annotate the bean method of exactly one of them with @BackgroundJobDataSource, as "
					+ "@Bean(defaultCandidate = false) if the rest of the application is not to use it, or mark one as "
					+ "@Primary. An application without background jobs sets background-jobs.enabled to 'false'.";
		}

	}

}
