/** schemas/user.yaml as openapi-typescript would describe it, by hand. */

interface User {
  id: number;
  name: string;
  email: string;
  nickname?: string;
  roles: string[];
  created_at: string;
}

interface UserData {
  name: string;
  email: string;
  nickname?: string;
  roles: string[];
}

interface Problem {
  message: string;
}

interface Json<T> {
  content: { "application/json": T };
}

interface Answers<T> {
  200: Json<T>;
  default: Json<Problem>;
}

interface Page<T> {
  items: T[];
  next?: string;
}

interface ById {
  path: { id: number };
}

interface Paged {
  query?: { cursor?: string; limit?: number };
}

export interface paths {
  "/users": {
    get: { parameters: Paged; responses: Answers<Page<User>> };
    post: { requestBody: Json<UserData>; responses: Answers<User> };
  };
  "/users/{id}": {
    get: { parameters: ById; responses: Answers<User> };
    patch: {
      parameters: ById;
      requestBody: Json<Partial<UserData>>;
      responses: Answers<User>;
    };
    delete: { parameters: ById; responses: Answers<boolean> };
  };
  "/events": {
    get: { parameters: Paged; responses: Answers<Page<{ type: string }>> };
  };
}
