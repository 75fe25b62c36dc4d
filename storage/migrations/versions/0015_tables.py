"""The tables."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_announcements")),
    )
    op.create_table(
        "arxiv_answers",
        sa.Column("query", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("paper_ids", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("query", name=op.f("pk_arxiv_answers")),
    )
    op.create_table(
        "arxiv_lists",
        sa.Column("query", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("paper_ids", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("query", "week", name=op.f("pk_arxiv_lists")),
    )
    op.create_table(
        "arxiv_slots",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("free_from", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_arxiv_slots")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_asked_at"), "conversations", ["asked_at"], unique=False)
    op.create_index(op.f("ix_conversations_message_id"), "conversations", ["message_id"], unique=False)
    op.create_index(op.f("ix_conversations_user_id"), "conversations", ["user_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paper_key", sa.Text(), nullable=True),
        sa.Column("thread_name", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "sending",
                "sent",
                "failed",
                "expired",
                name="deliverystate",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("first_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_message_id"), "deliveries", ["message_id"], unique=False)
    op.create_index(op.f("ix_deliveries_server_id"), "deliveries", ["server_id", "week"], unique=False)
    op.create_index(op.f("ix_deliveries_state"), "deliveries", ["state", "server_id"], unique=False)
    op.create_index(op.f("ix_deliveries_thread_id"), "deliveries", ["thread_id"], unique=False)
    op.create_table(
        "digest_plans",
        sa.Column("digest_id", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_digest_plans")),
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
    )
    op.create_index(op.f("ix_digests_published"), "digests", ["published", "created_at"], unique=False)
    op.create_index(op.f("ix_digests_server_id"), "digests", ["server_id", "week"], unique=False)
    op.create_table(
        "papers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("compared_title", sa.Text(), server_default="", nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
    )
    op.create_index(
        op.f("ix_papers_published"), "papers", ["published", "id", "compared_title"], unique=False
    )
    op.create_table(
        "preferences",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "subject",
            sa.Enum("author", "topic", "category", "word", name="subject", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("follow", "mute", name="preferencekind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("server_id", "subject", "value", name=op.f("pk_preferences")),
    )
    op.create_table(
        "processes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_processes")),
    )
    op.create_table(
        "state",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_state")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("interests", sa.Text(), nullable=False),
        sa.Column("excluded_words", sa.Text(), nullable=False),
        sa.Column("highlights", sa.Integer(), nullable=False),
        sa.Column(
            "style",
            sa.Enum("full", "compact", name="digeststyle", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column(
            "threads",
            sa.Enum("each", "digest", "none", name="threadpolicy", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("admin_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("server_id", name=op.f("pk_subscriptions")),
    )
    op.create_table(
        "usage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("server_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("question", "summary", "digest", name="workkind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage")),
    )
    op.create_index(op.f("ix_usage_server_id"), "usage", ["server_id", "at"], unique=False)
    op.create_index(op.f("ix_usage_user_id"), "usage", ["user_id", "at"], unique=False)
    op.create_table(
        "audios",
        sa.Column("digest_id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_audios_digest_id_digests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest_id", name=op.f("pk_audios")),
    )
    op.create_table(
        "digest_entries",
        sa.Column("digest_id", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"],
            ["digests.id"],
            name=op.f("fk_digest_entries_digest_id_digests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest_id", "paper_id", name=op.f("pk_digest_entries")),
    )
    op.create_table(
        "examples",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_examples_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_id", "paper_id", name=op.f("pk_examples")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process"], ["processes.name"], name=op.f("fk_leases_process_processes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "paper_vectors",
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_paper_vectors_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("embedder", "paper_id", name=op.f("pk_paper_vectors")),
    )
    op.create_table(
        "paper_versions",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_paper_versions_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("paper_id", "version", name=op.f("pk_paper_versions")),
    )
    op.create_table(
        "seen_papers",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_seen_papers_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_id", "user_id", "paper_id", name=op.f("pk_seen_papers")),
    )
    op.create_index(op.f("ix_seen_papers_user_id"), "seen_papers", ["user_id"], unique=False)
    op.create_table(
        "votes",
        sa.Column("server_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("liked", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["papers.id"], name=op.f("fk_votes_paper_id_papers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_id", "user_id", "paper_id", name=op.f("pk_votes")),
    )
    op.create_index(op.f("ix_votes_paper_id"), "votes", ["paper_id", "server_id"], unique=False)
    op.create_index(op.f("ix_votes_user_id"), "votes", ["user_id"], unique=False)
    op.create_table(
        "paper_categories",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id", "version"],
            ["paper_versions.paper_id", "paper_versions.version"],
            name=op.f("fk_paper_categories_paper_id_paper_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "version", "category", name=op.f("pk_paper_categories")),
    )
    op.create_table(
        "paper_texts",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id", "version"],
            ["paper_versions.paper_id", "paper_versions.version"],
            name=op.f("fk_paper_texts_paper_id_paper_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "version", name=op.f("pk_paper_texts")),
    )
    op.create_table(
        "passages",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "abstract",
                "body",
                "references",
                "appendix",
                "record",
                name="sectionkind",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id", "version"],
            ["paper_versions.paper_id", "paper_versions.version"],
            name=op.f("fk_passages_paper_id_paper_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "version", "ordinal", name=op.f("pk_passages")),
    )
    op.create_table(
        "summaries",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id", "version"],
            ["paper_versions.paper_id", "paper_versions.version"],
            name=op.f("fk_summaries_paper_id_paper_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("paper_id", "version", "recipe", "language", name=op.f("pk_summaries")),
    )
    op.create_table(
        "passage_vectors",
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id", "version", "ordinal"],
            ["passages.paper_id", "passages.version", "passages.ordinal"],
            name=op.f("fk_passage_vectors_paper_id_passages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "embedder", "paper_id", "version", "ordinal", name=op.f("pk_passage_vectors")
        ),
    )
    op.create_index(
        op.f("ix_passage_vectors_paper_id"),
        "passage_vectors",
        ["paper_id", "version", "ordinal"],
        unique=False,
    )
