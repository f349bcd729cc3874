import { Controller } from '@nestjs/common';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import {
  configureStream,
  listStreamGroups,
  listStreams,
  pauseStream,
  resumeStream,
  retryGroup,
  startStream,
  stopStream,
} from '../contracts/streaming.ts';
import { Input, Route } from '../http/route.ts';
import { GroupsService } from './groups.service.ts';
import { StreamingService } from './streaming.service.ts';

type StreamAnswer = Promise<OperationResult<typeof startStream>>;
type ControlInput = OperationInput<typeof pauseStream>;

const askedBy = ({ requested_by: requestedBy, reason }: ControlInput['body']) => ({ requestedBy, reason });

@Controller()
export class StreamingController {
  private readonly streams: StreamingService;
  private readonly groups: GroupsService;

  constructor(streams: StreamingService, groups: GroupsService) {
    this.streams = streams;
    this.groups = groups;
  }

  @Route(startStream)
  start(@Input(startStream) input: OperationInput<typeof startStream>): StreamAnswer {
    return this.streams.start(input.body);
  }

  @Route(listStreams)
  list(@Input(listStreams) input: OperationInput<typeof listStreams>): Promise<OperationResult<typeof listStreams>> {
    return this.streams.list(input.query.name);
  }

  @Route(pauseStream)
  pause(@Input(pauseStream) { params, body }: ControlInput): StreamAnswer {
    return this.streams.control(params.name, 'pause', askedBy(body));
  }

  @Route(resumeStream)
  resume(@Input(resumeStream) { params, body }: ControlInput): StreamAnswer {
    return this.streams.control(params.name, 'resume', askedBy(body));
  }

  @Route(stopStream)
  stop(@Input(stopStream) { params, body }: ControlInput): StreamAnswer {
    return this.streams.control(params.name, 'stop', askedBy(body));
  }

  @Route(configureStream)
  configure(@Input(configureStream) { params, body }: OperationInput<typeof configureStream>): StreamAnswer {
    return this.streams.configure(params.name, { ...askedBy(body), maxInFlight: body.max_in_flight });
  }

  @Route(listStreamGroups)
  listGroups(
    @Input(listStreamGroups) { query }: OperationInput<typeof listStreamGroups>,
  ): Promise<OperationResult<typeof listStreamGroups>> {
    return this.groups.list(query);
  }

  @Route(retryGroup)
  retry(
    @Input(retryGroup) { params, body }: OperationInput<typeof retryGroup>,
  ): Promise<OperationResult<typeof retryGroup>> {
    return this.groups.retry(params.group_id, askedBy(body));
  }
}
