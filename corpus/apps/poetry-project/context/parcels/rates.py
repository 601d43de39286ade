"""The table of rates, kept in a database in memory."""

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool


class Base(DeclarativeBase):
    pass


class Rate(Base):
    __tablename__ = "rate"

    up_to_grams: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[int]


ENGINE = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base.metadata.create_all(ENGINE)
with Session(ENGINE) as session:
    session.add_all([Rate(up_to_grams=2_000, cents=549), Rate(up_to_grams=5_000, cents=749)])
    session.add_all([Rate(up_to_grams=10_000, cents=1_049), Rate(up_to_grams=31_500, cents=1_949)])
    session.commit()


def postage(grams: int) -> int | None:
    """The price in cents, None for what is too heavy."""
    with Session(ENGINE) as session:
        return session.scalar(select(Rate.cents).where(Rate.up_to_grams >= grams).order_by(Rate.up_to_grams).limit(1))
