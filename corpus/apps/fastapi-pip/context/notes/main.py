from fastapi import FastAPI, HTTPException
from pydantic import BaseModel


class Note(BaseModel):
    text: str
    done: bool = False


NOTES = {1: Note(text="buy bread"), 2: Note(text="water the plants")}
api = FastAPI()


@api.get("/notes/{number}")
def note(number: int) -> Note:
    if number not in NOTES:
        raise HTTPException(404)
    return NOTES[number]
