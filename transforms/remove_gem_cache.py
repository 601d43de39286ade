r"""Delete the archives of installed gems in the `RUN` that downloaded them.

`gem install` and `bundle install` unpack each gem and keep its archive, in images of `ruby` below
`/usr/local/bundle/cache`: about a third of what the gems take.  `bundle install --no-cache` does not change that.

Only the archives go, `*.gem`, right behind the last install and only if that succeeded.  The fix is safe: nothing reads
them again but `gem pristine`, which downloads what is missing.  In the official `ruby` image the place is known; in any
other `gem env gemdir` names it, where the file shows that the program is there.  It needs root.  It is left out where
the file or a Bundler setting names another place, where a later command installs from local archives, where another
stage takes the cache, in conditions and loops, and in stages whose layers nobody receives.
"""

from collections.abc import Iterator

from dockopt import api

COMMAND = "rm -f /usr/local/bundle/cache/*.gem"
ELSEWHERE = 'rm -f "$(gem env gemdir)"/cache/*.gem'
CACHE = api.DownloadCache(
    programs=("gem", "bundle", "bundler"),
    fills=frozenset({"install", "i", "update", ""}),
    cleans=frozenset(),
    folders=("/usr/local/bundle/cache", "/cache/*.gem"),
    settings=(
        *("GEM_HOME", "BUNDLE_PATH", "BUNDLE_DEPLOYMENT", "BUNDLE_LOCAL", "BUNDLE_APP_CONFIG", "BUNDLE_CACHE"),
        *("--path", "--deployment", "--local", "--install-dir", "-i", "--user-install", "--standalone", "pristine"),
        *(" path ", " deployment ", "bundle cache", "bundle pack"),
    ),
)

EXAMPLES = (
    api.changes(
        """
        FROM ruby:3.4
        RUN bundle install --jobs=8
        """,
        """
        FROM ruby:3.4
        RUN bundle install --jobs=8 && rm -f /usr/local/bundle/cache/*.gem
        """,
    ),
    api.changes(
        """
        FROM ruby:3.4-alpine
        RUN set -x \\
            && apk add --no-cache --virtual .build-deps build-base \\
            # the tool
            && gem install tool --no-document \\
            && apk del .build-deps
        """,
        """
        FROM ruby:3.4-alpine
        RUN set -x \\
            && apk add --no-cache --virtual .build-deps build-base \\
            # the tool
            && gem install tool --no-document \\
            && rm -f /usr/local/bundle/cache/*.gem \\
            && apk del .build-deps
        """,
    ),
    api.changes(
        """
        FROM ruby:3.4
        RUN <<EOF
        set -e
        gem install bundler
        bundle
        rake assets
        EOF
        """,
        """
        FROM ruby:3.4
        RUN <<EOF
        set -e
        gem install bundler
        bundle
        rm -f /usr/local/bundle/cache/*.gem
        rake assets
        EOF
        """,
    ),
    api.changes(
        """
        FROM docker.io/library/ruby:3.4
        RUN bundle config set with jobs
        RUN gem install rails -v 8.0.2; rails new blog
        """,
        """
        FROM docker.io/library/ruby:3.4
        RUN bundle config set with jobs
        RUN gem install rails -v 8.0.2 && rm -f /usr/local/bundle/cache/*.gem; rails new blog
        """,
    ),
    api.changes(
        """
        FROM ruby:3.4
        RUN bundle install && rm -rf /tmp/*
        """,
        """
        FROM ruby:3.4
        RUN bundle install && rm -f /usr/local/bundle/cache/*.gem && rm -rf /tmp/*
        """,
    ),
    api.unchanged(
        """
        FROM ruby:3.4
        RUN bundle install && rm -rf /usr/local/bundle/cache
        """,
        because="the archives are removed already",
    ),
    api.changes(
        """
        FROM ubuntu:24.04
        RUN apt-get update \\
            && apt-get install -y ruby-full \\
            && gem install sass
        """,
        """
        FROM ubuntu:24.04
        RUN apt-get update \\
            && apt-get install -y ruby-full \\
            && gem install sass \\
            && rm -f "$(gem env gemdir)"/cache/*.gem
        """,
    ),
    api.changes(
        """
        FROM example.org/ruby:3.4
        RUN gem install rails
        RUN bundle install
        RUN su app -c "rails --version"
        """,
        """
        FROM example.org/ruby:3.4
        RUN gem install rails && rm -f "$(gem env gemdir)"/cache/*.gem
        RUN bundle install && rm -f "$(gem env gemdir)"/cache/*.gem
        RUN su app -c "rails --version"
        """,
    ),
    api.unchanged(
        """
        FROM example.org/ruby:3.4
        RUN gem install rails
        """,
        because="the image may have a user who must not remove what others installed",
    ),
    api.unchanged(
        """
        FROM alpine:3.22
        RUN apk add --no-cache ruby-bundler && bundle install
        """,
        because="nothing shows that gem is there to say where the archives are",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN /opt/ruby/bin/gem install rails
        """,
        because="the gem that PATH has may be another one",
    ),
    api.unchanged(
        """
        FROM ruby:3.4
        RUN bundle config set --local path vendor/bundle && bundle install
        """,
        because="the gems go elsewhere",
    ),
    api.unchanged(
        """
        FROM ruby:3.4
        USER 1000
        RUN bundle install
        """,
        because="who is not root may have gems of his own, and must not remove these",
    ),
    api.unchanged(
        """
        FROM ruby:3.4 AS build
        RUN bundle install
        FROM ruby:3.4-slim
        COPY --from=build /app /app
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM ruby:3.4
        RUN bundle install
        RUN bundle install --local --with extra
        """,
        because="a later install takes archives from the cache",
    ),
)


@api.transform(phase=api.Phase.COMMANDS, may_change={api.Aspect.CACHES}, only_with=CACHE.programs, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        last = api.last_fetch(file, run, CACHE)
        if last is None or not api.is_root(run):
            continue
        official = api.is_official(file, run, "ruby")
        if official or (has_gem(file, run) and api.is_surely_root(file, run)):
            place = (
                "the ruby image installs gems to /usr/local/bundle (its Dockerfile, GEM_HOME)"
                if official
                else "gem env gemdir names the folder that gem and Bundler install to (gem help environment)"
            )
            yield api.Fix(
                title="delete the archives of the gems in the RUN that downloaded them",
                edits=api.insert_command(run, last, COMMAND if official else ELSEWHERE),
                evidence=(
                    api.proven("the install downloads the archives, and nothing removes them here", run),
                    api.known(place, run),
                    api.known("gems are used unpacked; their archives stay behind (rubygems issue 3225)", run),
                ),
                span=run.span,
            )


def has_gem(file: api.Dockerfile, run: api.Run) -> bool:
    """Whether `gem` was called by its bare name before, so that the shell finds it."""
    earlier = (step for step in file.before(run) if isinstance(step, api.Run))
    gems = [call for one in (*earlier, run) for call in one.calls_of("gem") if call.top]
    return bool(gems) and all(call.words[0].value == "gem" for call in gems)
