// Reads failed runs, the messages of one run, and the code of an error, by what genqlient has generated.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"

	"example.com/runs/runs"
	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func main() {
	ctx := context.Background()
	client := graphql.NewClient(os.Args[1], http.DefaultClient)
	failed, err := runs.FailedRuns(ctx, client, nil)
	if err != nil {
		log.Fatal(err)
	}
	messages, err := runs.Messages(ctx, client, os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	texts := []string{}
	for _, message := range messages.Run.Messages.Nodes {
		switch message := message.(type) {
		case *runs.MessagesRunMessagesRunMessageConnectionNodesRunAssistantMessage:
			texts = append(texts, *message.Text)
		}
	}
	nowhere := "nowhere"
	_, err = runs.FailedRuns(ctx, client, &nowhere)
	var failures gqlerror.List
	if !errors.As(err, &failures) {
		log.Fatalf("expected errors with codes, but got: %v", err)
	}
	printed, err := json.Marshal(map[string]any{
		"failed":   failed,
		"messages": messages,
		"texts":    texts,
		"code":     failures[0].Extensions["code"],
	})
	if err != nil {
		log.Fatal(err)
	}
	os.Stdout.Write(printed)
}
