package io.jobstarter.autoconfigure.actuate;

import java.util.List;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.JobOperations;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveNotFoundException;
import io.jobstarter.RedriveRequest;
import org.jspecify.annotations.Nullable;

/**
 * Redrives by filter as the endpoint of dead letters offers them.
 */
final class RedriveOperations {

	private final JobOperations operations;

	RedriveOperations(JobOperations operations) {
		this.operations = operations;
	}

	private DeadLetterRedrives redrives() {
		return this.operations.redrives();
	}

	PageView<RedriveView> list(@Nullable String before, @Nullable String limit) {
		int size = PageParameters.limit(limit);
		List<RedriveInfo> redrives = redrives().list(PageParameters.number("before", before), size);
		return new PageView<>(redrives.stream().map(RedriveView::of).toList(),
				(redrives.size() == size) ? redrives.get(size - 1).id() : null);
	}

	RedriveView find(long id) {
		return redrives().find(id).map(RedriveView::of).orElseThrow(() -> new RedriveNotFoundException(id));
	}

	ChangeView start(DeadLetterFilter filter, RedriveParameters parameters, @Nullable Boolean dryRun, Audit audit) {
		RedriveRequest request = parameters.request(filter);
		if (Boolean.TRUE.equals(dryRun)) {
			return ChangeView.dryRun(redrives().count(filter));
		}
		long id = redrives().start(request, audit);
		return ChangeView.redrive(id, find(id).progress().matching());
	}

	ChangeView change(long id, @Nullable String action, @Nullable String canary, Audit audit) {
		Boolean another = PageParameters.flag("canary", canary);
		if (PageParameters.action(Action.class, action) == Action.CANCEL) {
			PageParameters.refuse("canary goes with resume", another);
			redrives().cancel(id, audit);
		}
		else if (Boolean.FALSE.equals(another)) {
			redrives().resumeWithoutCanary(id, audit);
		}
		else {
			redrives().resume(id, audit);
		}
		return ChangeView.state(find(id).state());
	}

	private enum Action {

		CANCEL, RESUME

	}

}
